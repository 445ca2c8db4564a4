"""OpenLineage: receiving, merging and naming (see docs/decisions for its order of arrival)."""
