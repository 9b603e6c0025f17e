"""The request and answer languages this server speaks, one room each."""
