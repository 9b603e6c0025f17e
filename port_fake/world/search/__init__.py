"""The search language: rules of Port's searches and policies, and the entities they mean."""
