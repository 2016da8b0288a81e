"""Holds "a double becomes an integer only in CheckedNumbers": `Int(1e300)` and `Int(Double.nan)` end the program.

The compiler's own index says which initialisers each file calls, so that no spelling hides one (`Int($0)`, `map(Int.init)`, `.init(x)`).

usage: python3 .ci/conversions.py [BUILD-FOLDER]      after `swift build`
"""
import pathlib
import re
import sys

# Mangled names of `Int.init(Double)`, `UInt8.init(Float)`, …, of the general ones, and of `Duration.seconds(Double)` and its like.
UNCHECKED = re.compile(
    rb"s:S[iu]yS[iu]S[dfh]cfc|s:s\d+U?Int\d+VyABS[dfh]cfc|s:s\d+U?Int\d+VyAB(?:s7Float16V|s7Float80V)cfc"
    rb"|s:(?:s17FixedWidthIntegerPsE|s13BinaryIntegerPsE|Sz)yxqd__cSBRd__lufc"
    rb"|s:s8DurationV(?:seconds|milliseconds|microseconds)yABSdFZ")
OBJECT = re.compile(rb"/(\w+)\.build/([\w+\-.]+\.swift)\.o")
RECORD = re.compile(rb"[\w+\-.]+\.swift-[0-9A-Z]{6,}")
ALLOWED = {"FixedWidthInteger+Checked.swift"}


def main() -> int:
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".build")
    stores = sorted(build.glob("*/debug/index/store/v5"))
    if not stores:
        print(f"conversions: {build} has no index: build first", file=sys.stderr)
        return 1
    # File names are unique within a target.
    sources = {(path.parts[1], path.name): path for path in pathlib.Path("Sources").rglob("*.swift")}
    checked, faults = set(), set()
    for store in stores:
        for unit in (store / "units").iterdir():
            content = unit.read_bytes()
            found = OBJECT.search(content)
            # The unit of a file that is gone stays behind.
            source = sources.get((found[1].decode(), found[2].decode())) if found else None
            if source is None:
                continue
            for record in set(RECORD.findall(content)):
                text = record.decode()
                file = store / "records" / text[-2:] / text
                if text.rsplit("-", 1)[0] != source.name or not file.exists():
                    continue
                checked.add(source)
                if source.name not in ALLOWED and UNCHECKED.search(file.read_bytes()):
                    faults.add(source)
    for fault in sorted(faults):
        print(f"conversions: {fault} makes an integer of a double: use Int(nearestWithin:) or its like of CheckedNumbers", file=sys.stderr)
    unseen = len(sources) - len(checked)
    print(f"conversions: {len(checked)} files, {unseen} without an index, {len(faults)} faults")
    return 1 if faults or unseen > len(sources) // 4 else 0


if __name__ == "__main__":
    sys.exit(main())
