//! Sample workbooks with known violations: untidy as real offices keep them, and the same for the same seed.
