"""Tables about people for the public: frozen once a year is over, with small counts withheld."""
