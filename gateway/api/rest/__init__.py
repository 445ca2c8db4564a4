"""Routes beside GraphQL: health, metrics, webhooks."""
