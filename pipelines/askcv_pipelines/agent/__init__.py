"""What agents do with documents: a desk of open ones, proposals that must prove themselves."""
