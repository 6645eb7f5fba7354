"""The only folder here that imports streamlit: guard, filters, parts."""
