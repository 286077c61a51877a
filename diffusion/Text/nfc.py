"""Writes nfc.txt, the tables of Nfc.cs, from Python's copy of the Unicode Character Database: python3 nfc.py > nfc.txt"""
import hashlib
import sys
import unicodedata as u

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
print(f"# Unicode {u.unidata_version}: written by nfc.py")
print("# CODE=DECOMPOSITION; ! where the decomposition is never composed again")
for c in CODES:
    d = u.decomposition(chr(c))
    if d and not d.startswith("<"):
        print(("" if u.normalize("NFC", chr(c)) == chr(c) else "!") + f"{c:X}={d.replace(' ', '+')}")
print("# FIRST-LAST:CANONICAL COMBINING CLASS")
first = None
for c in range(0x110001):
    k = 0 if c == 0x110000 or 0xD800 <= c < 0xE000 else u.combining(chr(c))
    if first is not None and k != first[1]:
        print(f"{first[0]:X}-{c - 1:X}:{first[1]}")
        first = None
    if k and first is None:
        first = (c, k)

# For the test: every code point between a base letter and two marks out of order.
text = "".join(u.normalize("NFC", "e\u0301" + chr(c) + "\u0323\u0301") for c in CODES)
print(f"{u.unidata_version}: SHA-256 of the test's text: {hashlib.sha256(text.encode()).hexdigest()}", file=sys.stderr)
