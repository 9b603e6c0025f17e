"""Findings of any kind, for properties: texts are what a server might have answered."""

from __future__ import annotations

from hypothesis import strategies as st

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.questions import Level, Question

NASTY = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]></style><svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "<!-- <script>",
    "&lt;b&gt; &amp;amp;",
    "https://evil.example/'\"><script>",
    "a\x1b[2J\x00\ud800\u202e\r\n\tb",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(), max_size=8))
words = st.text("abcdefgh.", min_size=1, max_size=12)
questions = st.builds(Question, st.one_of(words, texts), texts, st.sampled_from(Level), text=texts)
exchanges = st.builds(
    Exchange, texts, texts, st.none() | st.integers(100, 599), sent=texts, got=texts
)
outcomes = st.builds(
    Outcome,
    questions,
    st.sampled_from(Verdict),
    st.floats(0, 1e4),
    texts,
    texts,
    st.lists(exchanges, max_size=2).map(tuple),
)
findings = st.builds(
    Findings,
    target=texts,
    mode=texts,
    profile=texts,
    seed=st.integers(0, 2**64),
    version=texts,
    started_at=texts,
    seconds=st.floats(0, 1e5),
    outcomes=st.lists(outcomes, max_size=4).map(tuple),
    ended=texts,
    settings=st.dictionaries(texts, texts, max_size=2),
)
