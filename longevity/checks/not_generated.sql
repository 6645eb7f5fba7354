-- extracts.toml says that the data are synthetic, and `demo` did not write this file, or not as it
--   is now.
-- Do: Say kind = "real": what is synthetic is open to everybody. Synthetic data are made with
--   `python -m longevity demo --out DIR`.
-- On: extracts.toml
-- Severity: error
-- Found: an extract that is called synthetic and is not, byte for byte, one that `demo` wrote. The
--   hashes are in `planted.json`; a demonstration of an earlier version has none: run `demo` again

SELECT file
FROM foreign_files
