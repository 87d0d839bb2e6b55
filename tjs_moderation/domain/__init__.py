"""The pure core: no framework, no database, no clock, no network. Frozen values in, frozen values out."""
