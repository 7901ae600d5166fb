"""What tests need around them: a throwaway PostgreSQL, a served house, a browser."""
