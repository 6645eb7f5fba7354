import streamlit as st
from longevity.screen import guard
visit = guard.enter("Press charts")
