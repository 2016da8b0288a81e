"""Holds the house's structure: who may import whom, one importer a C module, names and sizes of files.

usage: swift package dump-package | python3 .ci/layering.py
"""
import json
import pathlib
import re
import sys

# What each target may import, besides the system. The floors of ARCHITECTURE.md.
ALLOWED = {
    "CheckedNumbers": set(),
    "PrintableText": set(),
    "Files": set(),
    "OutputFiles": {"PrintableText"},
    "JSON": {"CheckedNumbers", "PrintableText"},
    "Clocks": {"CheckedNumbers"},
    "Threads": set(),
    "Programs": set(),
    "Transfers": {"CheckedNumbers", "CCurl"},
    "RequestSigning": set(),
    "ObjectStores": {"CheckedNumbers", "JSON", "Clocks", "Files", "Transfers", "RequestSigning"},
    "Hyperparameters": {"CheckedNumbers"},
    "MetricDirections": set(),
    "NearestNames": set(),
    "Deflating": {"CZlib"},
    "Pictures": {"Deflating"},
    "FindingKinds": set(),
    "ProtobufWriting": set(),
    "TextScanning": set(),
    "Databases": {"CSQLite"},
    "Numerics": {"CheckedNumbers", "COpenBLAS", "CKernels"},
    "Tables": {"CheckedNumbers", "PrintableText", "Files", "OutputFiles", "Databases", "NearestNames", "FindingKinds", "Numerics", "CTableKernels", "Deflating", "CZstd", "CExpat"},
    "Events": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Hyperparameters", "MetricDirections", "FindingKinds", "PipelineSteps"},
    "Searching": {"TextScanning"},
    "PipelineSteps": {"NearestNames", "JSON"},
    "Preparing": {"NearestNames", "Numerics", "PipelineSteps", "Searching", "Tables", "Exploring"},
    "RunSearching": {"NearestNames", "TextScanning", "Searching", "Events"},
    "Exploring": {"CheckedNumbers", "PrintableText", "NearestNames", "TextScanning", "Searching", "Databases", "Pictures", "Numerics", "Tables"},
    "Learners": {"CheckedNumbers", "PrintableText", "Hyperparameters", "NearestNames", "Numerics", "CLearnerKernels", "CXGBoost"},
    "Tuning": {"CheckedNumbers", "JSON", "Hyperparameters", "MetricDirections", "Numerics"},
    "Training": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Hyperparameters", "MetricDirections", "Learners", "Tables", "Fairness", "Numerics", "Tuning", "AutoML", "Events", "PipelineSteps", "Preparing"},
    "Inference": {"JSON", "Threads", "Files", "Learners", "Tables", "Training"},
    "ModelExports": {"JSON", "Files", "ProtobufWriting", "Numerics", "Tables", "Learners", "Training", "Preparing"},
    "AutoML": {"CheckedNumbers", "JSON", "Learners", "Events"},
    "Explaining": {"CheckedNumbers", "JSON", "Numerics", "Tables", "Learners", "Training", "CExplainingKernels"},
    "Fairness": {"CheckedNumbers", "JSON", "Numerics", "Tables"},
    "Monitoring": {"CheckedNumbers", "JSON", "Files", "Numerics", "Tables"},
    "Debugging": {"CheckedNumbers", "PrintableText", "JSON", "Threads", "Hyperparameters", "NearestNames", "TextScanning", "FindingKinds", "Events", "Numerics"},
    "Experiments": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Databases", "Events"},
    "Interop": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "OutputFiles", "MetricDirections", "Databases", "Experiments", "Tables", "Events", "ProtobufWriting"},
    "Actions": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Programs", "NearestNames", "TextScanning", "Transfers", "RequestSigning", "Events"},
    "Serving": {"CheckedNumbers", "JSON", "Clocks", "Threads", "Files", "RequestSigning", "CMicroHTTPD"},
    "Notebooks": {"PrintableText", "JSON", "Pictures", "Cells"},
    "Kernels": {"JSON", "Clocks", "Programs", "Notebooks"},
    "MLflowTracking": {"CheckedNumbers", "JSON", "Clocks", "Files", "RequestSigning", "Serving", "Interop", "Databases", "Experiments", "Events"},
    "Hosting": {"CheckedNumbers", "JSON", "Clocks", "Threads", "Programs", "Files", "Events"},
    "Remotes": {"CheckedNumbers", "JSON", "Clocks", "Files", "Threads", "Programs", "Databases", "Experiments", "Events"},
    "Scripts": {"CheckedNumbers", "JSON", "Clocks", "Threads", "Programs", "Files", "Hyperparameters", "NearestNames", "MetricDirections", "Tables", "Events", "Training", "Interop", "CProcesses", "CPCRE"},
    "Spark": {"JSON", "Clocks", "Programs", "Files", "Tables", "Learners", "Training", "Events", "Threads"},
    "Cells": {"CheckedNumbers", "PrintableText", "NearestNames", "Pictures"},
    "Studio": {"CheckedNumbers", "PrintableText", "JSON", "Clocks", "Hyperparameters", "Events", "Notebooks", "Cells", "Pictures", "Searching", "RunSearching", "PipelineSteps"},
    "Terminal": {"CheckedNumbers", "PrintableText", "Pictures", "Cells", "CNcurses"},
}
SYSTEM = {"Swift", "Glibc", "Synchronization", "FoundationEssentials", "Testing"}
BANNED_WORDS = ("Utils", "Utilities", "Common", "Core", "Helpers", "Misc")
LONGEST_FILE = 600
IMPORT = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:public |package |internal |private )?import\s+(?:struct |class |enum |func |protocol )?(\w+)",
    re.M)


def main() -> int:
    package = json.load(sys.stdin)
    faults = []
    targets = {t["name"]: t for t in package["targets"]}
    declared = {n: {d["byName"][0] for d in t["dependencies"] if "byName" in d} for n, t in targets.items()}

    for name, allowed in ALLOWED.items():
        if name not in targets:
            faults.append(f"target {name} is gone: change .ci/layering.py and ARCHITECTURE.md with it")
        for extra in sorted(declared.get(name, set()) - allowed):
            faults.append(f"{name} must not depend on {extra}")
    for name, target in targets.items():
        if target["type"] == "regular" and not (name in ALLOWED or name.startswith("C") or target.get("path", "").startswith("Tests")):
            faults.append(f"target {name} has no place in .ci/layering.py")

    importers = {}
    for path in sorted(pathlib.Path("Sources").rglob("*.swift")):
        target = path.parts[1]
        text = path.read_text(encoding="utf-8")
        imported = set(IMPORT.findall(text))
        for module in sorted(imported - SYSTEM - declared.get(target, set())):
            faults.append(f"{path}: imports {module}, which {target} does not depend on")
        for module in imported:
            if module in targets and re.match("C[A-Z]", module):
                importers.setdefault(module, set()).add(target)
        if len(text.splitlines()) > LONGEST_FILE:
            faults.append(f"{path}: {len(text.splitlines())} lines; split it along the domain (at most {LONGEST_FILE})")
        if re.search(rf"\b(?:class|struct|enum|actor|protocol)\s+{target}\b", text):
            faults.append(f"{path}: a type with its target's own name breaks qualified lookup")

    for module, by in importers.items():
        if len(by) > 1:
            faults.append(f"{module} is imported by {', '.join(sorted(by))}: one Swift target a C module")
    for path in pathlib.Path("Sources").rglob("*"):
        if path.stem in BANNED_WORDS or path.name in BANNED_WORDS:
            faults.append(f"{path}: call it by what it does")

    for fault in faults:
        print(f"layering: {fault}", file=sys.stderr)
    print(f"layering: {len(targets)} targets, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
