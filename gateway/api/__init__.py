"""What the outside world talks to: GraphQL, REST and the rules of access."""
