"""What many reports say beside each other: changes, peers, themes, wording, reuse, commitments, checks."""
