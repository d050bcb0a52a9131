"""What any service needs; knows no domain."""
