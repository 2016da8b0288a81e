// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor: who may import whom is exactly what stands here (ARCHITECTURE.md).
// Engine targets never import screen targets; each C module has one importing Swift target.

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

func engine(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "descent",
    products: [
        .executable(name: "descent", targets: ["descent"]),
        // With the modules whose types its API has.
        .library(
            name: "Training", targets: ["Training", "Tuning", "Learners", "Hyperparameters", "Tables", "FindingKinds", "Events"]),
    ],
    targets: [
        // C modules: a module map and a small shim, nothing else.
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
        // Declarations only: these libraries are loaded at run time.
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CXGBoost"),
        .systemLibrary(name: "CPCRE"),
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CMicroHTTPD"),
        // What the kernel offers for processes.
        .target(name: "CProcesses"),
        // Hot loops, dispatched at run time; one module for each Swift target that has some.
        .target(name: "CKernels"),
        .target(name: "CTableKernels"),
        .target(name: "CLearnerKernels"),
        .target(name: "CExplainingKernels"),

        // ground and values
        engine("CheckedNumbers", []),
        engine("PrintableText", []),
        engine("Files", []),
        engine("OutputFiles", ["PrintableText"]),
        engine("JSON", ["CheckedNumbers", "PrintableText"]),
        engine("Clocks", ["CheckedNumbers"]),
        engine("Threads", []),
        engine("Programs", []),
        engine("Transfers", ["CheckedNumbers", "CCurl"]),
        engine("RequestSigning", []),
        engine("Hyperparameters", ["CheckedNumbers"]),
        engine("MetricDirections", []),
        engine("NearestNames", []),
        engine("Deflating", ["CZlib"]),
        engine("Pictures", ["Deflating"]),
        engine("FindingKinds", []),
        engine("ProtobufWriting", []),
        engine("TextScanning", []),
        engine("Searching", ["TextScanning"]),
        engine("PipelineSteps", ["NearestNames", "JSON"]),
        engine("Databases", ["CSQLite"]),
        engine("Numerics", ["CheckedNumbers", "COpenBLAS", "CKernels"]),
        engine(
            "Tables",
            [
                "CheckedNumbers", "PrintableText", "Files", "OutputFiles", "Databases", "NearestNames", "FindingKinds",
                "Numerics",
                "CTableKernels", "Deflating", "CZstd", "CExpat",
            ]),

        engine("ObjectStores", ["CheckedNumbers", "JSON", "Clocks", "Files", "Transfers", "RequestSigning"]),

        // vocabulary
        engine(
            "Events",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Hyperparameters", "MetricDirections",
                "FindingKinds", "PipelineSteps",
            ]),
        engine("RunSearching", ["NearestNames", "TextScanning", "Searching", "Events"]),

        // engine
        engine("Tuning", ["CheckedNumbers", "JSON", "Hyperparameters", "MetricDirections", "Numerics"]),
        engine(
            "Learners",
            [
                "CheckedNumbers", "PrintableText", "Hyperparameters", "NearestNames", "Numerics", "CLearnerKernels", "CXGBoost",
            ]),
        engine(
            "Training",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Hyperparameters", "MetricDirections",
                "Learners", "Tables", "Fairness", "Numerics", "Tuning", "AutoML", "Events", "PipelineSteps", "Preparing",
            ]),
        engine("Inference", ["JSON", "Threads", "Files", "Learners", "Tables", "Training"]),
        engine("ModelExports", ["JSON", "Files", "ProtobufWriting", "Numerics", "Tables", "Learners", "Training", "Preparing"]),
        engine("AutoML", ["CheckedNumbers", "JSON", "Learners", "Events"]),
        engine(
            "Explaining",
            ["CheckedNumbers", "JSON", "Numerics", "Tables", "Learners", "Training", "CExplainingKernels"]),
        engine("Fairness", ["CheckedNumbers", "JSON", "Numerics", "Tables"]),
        engine(
            "Exploring",
            [
                "CheckedNumbers", "PrintableText", "NearestNames", "TextScanning", "Searching", "Databases", "Pictures",
                "Numerics",
                "Tables",
            ]),
        engine("Preparing", ["NearestNames", "Numerics", "PipelineSteps", "Searching", "Tables", "Exploring"]),
        engine("Monitoring", ["CheckedNumbers", "JSON", "Files", "Numerics", "Tables"]),
        engine(
            "Debugging",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Threads", "Hyperparameters", "NearestNames", "TextScanning",
                "FindingKinds",
                "Events", "Numerics",
            ]),
        engine(
            "Experiments",
            ["CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "Databases", "Events"]),
        engine(
            "Interop",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "OutputFiles", "MetricDirections",
                "Databases", "Experiments", "Tables", "Events", "ProtobufWriting",
            ]),

        engine(
            "Actions",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Programs", "NearestNames", "TextScanning", "Transfers",
                "RequestSigning", "Events",
            ]),
        engine(
            "Serving",
            ["CheckedNumbers", "JSON", "Clocks", "Threads", "Files", "RequestSigning", "CMicroHTTPD"]),
        engine("Notebooks", ["PrintableText", "JSON", "Pictures", "Cells"]),
        engine("Kernels", ["JSON", "Clocks", "Programs", "Notebooks"], resources: [.embedInCode("Bridge/kernel.py")]),
        engine(
            "MLflowTracking",
            [
                "CheckedNumbers", "JSON", "Clocks", "Files", "RequestSigning", "Serving", "Interop", "Databases", "Experiments",
                "Events",
            ]),
        engine(
            "Spark", ["JSON", "Clocks", "Programs", "Files", "Tables", "Learners", "Training", "Events", "Threads"]),
        engine("Hosting", ["CheckedNumbers", "JSON", "Clocks", "Threads", "Programs", "Files", "Events"]),
        engine(
            "Remotes",
            ["CheckedNumbers", "JSON", "Clocks", "Files", "Threads", "Programs", "Databases", "Experiments", "Events"]),
        engine(
            "Scripts",
            [
                "CheckedNumbers", "JSON", "Clocks", "Threads", "Programs", "Files", "Hyperparameters", "NearestNames",
                "MetricDirections", "Tables", "Events",
                "Training", "Interop", "CProcesses", "CPCRE",
            ]),

        // screen
        engine("Cells", ["CheckedNumbers", "PrintableText", "NearestNames", "Pictures"]),
        engine(
            "Studio",
            [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Hyperparameters", "Events", "Notebooks", "Cells",
                "Searching", "RunSearching", "PipelineSteps", "Pictures",
            ]),
        engine("Terminal", ["CheckedNumbers", "PrintableText", "Pictures", "Cells", "CNcurses"]),

        // programs
        .executableTarget(
            name: "descent",
            dependencies: [
                "CheckedNumbers", "PrintableText", "JSON", "Clocks", "Threads", "Files", "OutputFiles",
                "NearestNames", "TextScanning", "Hyperparameters", "Numerics", "Tables", "Events", "Learners",
                "Tuning", "Training", "Inference", "AutoML", "Explaining", "Fairness", "Exploring", "Searching",
                "Monitoring", "ModelExports", "Debugging", "Databases", "Experiments", "Interop", "Scripts",
                "Hosting", "Serving", "Transfers", "Remotes", "Actions", "Notebooks", "Kernels", "Spark", "Cells", "Studio",
                "MLflowTracking", "ObjectStores", "Terminal", "RunSearching", "PipelineSteps", "Preparing", "Pictures",
            ],
            swiftSettings: strict),
        .executableTarget(name: "SampleData", dependencies: ["CheckedNumbers", "Numerics"], swiftSettings: strict),
        // Damages what every reader reads; `make sanitize` runs it under the sanitizers.
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "JSON", "TextScanning", "Numerics", "Tables", "Events", "Learners", "Training", "Inference",
                "AutoML", "Explaining", "Fairness", "Monitoring", "Debugging", "Experiments", "Interop", "Actions",
                "Serving", "Scripts", "Remotes", "Notebooks", "Pictures", "Cells", "Studio", "Terminal", "RunSearching",
                "Exploring", "Searching", "MLflowTracking", "PipelineSteps", "Preparing",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "CheckedNumbers", "JSON", "Clocks", "Threads", "Numerics", "Tables", "Events", "Learners", "Tuning", "Training",
                "Inference", "Explaining",
                "Debugging", "Experiments", "Cells", "Studio",
            ],
            swiftSettings: strict),

        // A terminal without a person, for tests that run whole programs.
        .target(name: "PseudoTerminals", dependencies: ["Cells"], path: "Tests/PseudoTerminals", swiftSettings: strict),

        // A web and a mail server that do what a test tells them.
        .target(name: "TestServers", dependencies: ["Threads"], path: "Tests/TestServers", swiftSettings: strict),

        .target(name: "TemporaryFolders", path: "Tests/TemporaryFolders", swiftSettings: strict),

        // tests mirror Sources
        tests("CheckedNumbers", ["CheckedNumbers"]),
        tests("PrintableText", ["PrintableText"]),
        tests("Files", ["Files", "TemporaryFolders"]),
        tests("JSON", ["JSON"]),
        tests("Hyperparameters", ["Hyperparameters"]),
        tests("OutputFiles", ["OutputFiles", "TemporaryFolders"]),
        tests("NearestNames", ["NearestNames"]),
        tests("TextScanning", ["TextScanning"]),
        tests("Numerics", ["Numerics"]),
        tests("Transfers", ["Transfers", "TestServers"]),
        tests(
            "ObjectStores",
            ["ObjectStores", "JSON", "Files", "Transfers", "RequestSigning", "Serving", "TemporaryFolders"]),
        tests("RequestSigning", ["RequestSigning", "JSON", "Files"], resources: [.copy("Files")]),
        tests(
            "Actions",
            ["Actions", "Events", "JSON", "TextScanning", "Transfers", "RequestSigning", "TestServers", "TemporaryFolders"]),
        tests(
            "Tables", ["Tables", "Databases", "Numerics", "Threads", "Files", "TemporaryFolders"],
            resources: [.copy("Files")]),
        tests("Events", ["JSON", "Threads", "Files", "Events", "TemporaryFolders"]),
        tests("Tuning", ["Tuning", "Hyperparameters", "MetricDirections", "Numerics"]),
        tests(
            "AutoML", ["AutoML", "Learners", "Events"],
            resources: [.copy("make_reference.py"), .copy("make_insights_reference.py")]),
        tests("PipelineSteps", ["PipelineSteps", "JSON"]),
        tests(
            "Preparing", ["Preparing", "PipelineSteps", "Tables", "JSON"],
            resources: [.copy("Files"), .copy("make_reference.py")]),
        tests("Exploring", ["Exploring", "Searching", "Pictures", "Tables", "Databases", "TemporaryFolders"]),
        tests("RunSearching", ["RunSearching", "Events"]),
        tests("Learners", ["Hyperparameters", "MetricDirections", "Learners", "Numerics"]),
        tests(
            "Training",
            [
                "JSON", "Clocks", "Training", "Tuning", "Learners", "Tables", "Numerics", "Events", "PipelineSteps", "Preparing",
                "TemporaryFolders",
            ],
            resources: [.copy("Files")]),
        tests(
            "Explaining", ["Explaining", "Training", "Learners", "Tables", "Numerics", "JSON"], resources: [.copy("Files")]),
        tests(
            "Inference", ["Inference", "JSON", "Training", "Learners", "Tables", "TemporaryFolders"], resources: [.copy("Files")]),
        tests("ProtobufWriting", ["ProtobufWriting"]),
        tests(
            "ModelExports", ["ModelExports", "Training", "Learners", "Tables", "Numerics", "JSON", "Files", "TemporaryFolders"]),
        tests("Fairness", ["Fairness", "Tables", "Numerics", "JSON"], resources: [.copy("Files")]),
        tests(
            "Monitoring", ["Monitoring", "Tables", "JSON", "TemporaryFolders"],
            resources: [.copy("Files"), .copy("make_reference.py")]),
        tests("Debugging", ["JSON", "TextScanning", "Debugging", "Events"], resources: [.copy("Files")]),
        tests("Databases", ["Databases", "TemporaryFolders"]),
        tests(
            "Experiments",
            ["JSON", "Clocks", "Threads", "Files", "Experiments", "Databases", "Events", "CSQLite", "TemporaryFolders"]),
        tests(
            "Interop",
            [
                "JSON", "Clocks", "Files", "Interop", "Experiments", "Databases", "Events", "Tables", "TemporaryFolders",
                "RunSearching",
            ],
            resources: [.copy("Files"), .copy("make_fixtures.py")]),
        tests("Serving", ["Serving", "RequestSigning", "JSON", "Files", "Threads", "Clocks", "Transfers", "TemporaryFolders"]),
        tests("Notebooks", ["Notebooks", "JSON"]),
        tests("Pictures", ["Pictures"], resources: [.copy("Files"), .copy("make_fixtures.py")]),
        tests(
            "MLflowTracking",
            [
                "MLflowTracking", "Serving", "Experiments", "Databases", "Events", "JSON", "Transfers",
                "TemporaryFolders",
            ]),
        tests("Spark", ["Spark", "Events", "Training", "JSON", "Clocks", "Files", "TemporaryFolders"]),
        tests("Hosting", ["Hosting", "Events", "JSON", "TemporaryFolders"]),
        tests("Remotes", ["Remotes", "Experiments", "Databases", "Events", "JSON", "Threads", "TemporaryFolders"]),
        tests("Scripts", ["Scripts", "Events", "Interop", "Files", "TemporaryFolders"]),
        tests("Cells", ["Cells"]),
        tests(
            "Studio",
            [
                "Studio", "Events", "Notebooks", "Cells", "Pictures", "Clocks", "RunSearching", "PipelineSteps",
                "PseudoTerminals",
            ],
            resources: [.copy("Frames")]),
        tests("Terminal", ["Terminal", "Studio", "Events", "Pictures", "Cells", "PseudoTerminals"]),
        .testTarget(
            name: "descentTests",
            dependencies: [
                "JSON", "Clocks", "Threads", "descent", "Databases", "Experiments", "Hosting", "Remotes", "Learners", "Training",
                "AutoML", "Events",
                "PseudoTerminals",
                "TemporaryFolders", "TestServers", "Files", "Cells", "Studio", "RunSearching",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
