"""The verbs. Each one public function: one transaction, one audit entry; verbs never call verbs."""
