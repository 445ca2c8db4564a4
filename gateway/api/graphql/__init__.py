"""The GraphQL schema, its resolvers and loaders."""
