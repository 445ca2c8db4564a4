"""The gateway: store, sync, coordination and API of the control plane."""
