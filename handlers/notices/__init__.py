"""Notices from draft to acknowledgement, and what units hand in for them."""
