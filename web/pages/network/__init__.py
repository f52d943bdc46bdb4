"""Pages and files about the network itself."""
