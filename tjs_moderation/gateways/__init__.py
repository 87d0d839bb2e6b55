"""Everything outside the process. Always a timeout; two kinds of error: GatewayError and OutcomeUnknownError."""
