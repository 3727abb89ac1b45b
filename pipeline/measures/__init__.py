"""What one report says, one document at a time: terms, quantities, indicators, text statistics."""
