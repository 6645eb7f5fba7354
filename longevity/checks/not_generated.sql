-- extracts.toml says that the data are synthetic, and `demo` did not write this file, or not as it
--   is now.
-- Do: Say kind = "real": what is synthetic is open to everybody. Synthetic data are made with
--   `python -m longevity demo --out DIR`.
-- On: extracts.toml
-- Found: an extract that is labelled synthetic and is not, byte for byte, one that `demo` wrote

SELECT file
FROM foreign_files
