"""The bundled staging backend: behaves as the contract says the live service does, on one machine, with no account."""
