"""The WeChat official account: callbacks in; customer-service, mass and template messages out."""
