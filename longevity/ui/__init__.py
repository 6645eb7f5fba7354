"""The only folder here that imports streamlit: what stands before a page, filters, components."""
