"""What everyone may have of people: tables that are frozen once, with small counts withheld."""
