"""The only folder here that imports streamlit: what comes before a page, filters, components."""
