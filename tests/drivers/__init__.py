"""The application driven as people and machines drive it.

- `screens`: a page by Streamlit's own tester; `crawler` goes through all of them
- `server`: the real application, and a provider of sign-ins, as processes
- `browser_actions`, `browser_walk`: a real Chromium
- `importer`, `command_process`: commands
- `briefing_reader`: the briefing's files, by readers of others
"""
