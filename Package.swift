// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor: who may import whom is exactly what stands here (ARCHITECTURE.md).
// Engine targets never import screen targets; each C module has one importing Swift target.

let strict: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

func engine(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: [.linkedLibrary("m")])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "descent",
    products: [
        .executable(name: "descent", targets: ["descent"]),
        // With the modules whose types its API has.
        .library(name: "Training", targets: ["Training", "Learners", "Tables", "Events"]),
    ],
    targets: [
        // C modules: a module map and a small shim, nothing else.
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        // Declarations only: these libraries are loaded at run time.
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CXGBoost"),
        // Hot loops, dispatched at run time; one module for each Swift target that has some.
        .target(name: "CKernels"),
        .target(name: "CTableKernels"),
        .target(name: "CLearnerKernels"),

        // values
        engine("CheckedNumbers", []),
        engine("PrintableText", []),
        engine("OutputFiles", ["PrintableText"]),
        engine("Numerics", ["CheckedNumbers", "COpenBLAS", "CKernels"]),
        engine("Tables", ["CheckedNumbers", "PrintableText", "OutputFiles", "Numerics", "CTableKernels", "CZlib", "CZstd"]),

        // vocabulary
        engine("Events", ["CheckedNumbers", "PrintableText"]),

        // engine
        engine("Learners", ["CheckedNumbers", "PrintableText", "Numerics", "CLearnerKernels", "CXGBoost"]),
        engine("Training", ["CheckedNumbers", "PrintableText", "Learners", "Tables", "Numerics", "Events"]),
        engine("Debugging", ["CheckedNumbers", "PrintableText", "Events", "Numerics"]),
        engine("Experiments", ["CheckedNumbers", "PrintableText", "Events", "CSQLite"]),
        engine("Interop", ["CheckedNumbers", "PrintableText", "OutputFiles", "Experiments", "Tables", "Events"]),

        // screen
        engine("Cells", ["CheckedNumbers", "PrintableText"]),
        engine("StudioState", ["CheckedNumbers", "PrintableText", "Events", "Cells"]),
        engine("StudioViews", ["CheckedNumbers", "PrintableText", "StudioState", "Events", "Cells"]),
        engine("Terminal", ["CheckedNumbers", "PrintableText", "Cells", "CNcurses"]),

        // programs
        .executableTarget(
            name: "descent",
            dependencies: [
                "CheckedNumbers", "PrintableText", "OutputFiles", "Numerics", "Tables", "Events", "Learners", "Training",
                "Debugging",
                "Experiments",
                "Interop", "Cells", "StudioState", "StudioViews", "Terminal",
            ],
            swiftSettings: strict),
        .executableTarget(name: "SampleData", dependencies: ["CheckedNumbers", "Numerics"], swiftSettings: strict),
        // Damages what every reader reads; `make sanitize` runs it under the sanitizers.
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Numerics", "Tables", "Events", "Learners", "Training", "Experiments", "Interop", "Cells", "StudioState",
                "Terminal",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "CheckedNumbers",
                "Numerics", "Tables", "Events", "Learners", "Training", "Debugging", "Experiments", "Cells", "StudioState",
                "StudioViews",
            ],
            swiftSettings: strict),

        // A terminal without a person, for tests that run whole programs.
        .target(name: "PseudoTerminals", dependencies: ["Cells"], path: "Tests/PseudoTerminals", swiftSettings: strict),

        .target(name: "TemporaryFolders", path: "Tests/TemporaryFolders", swiftSettings: strict),

        // tests mirror Sources
        tests("CheckedNumbers", ["CheckedNumbers"]),
        tests("PrintableText", ["PrintableText"]),
        tests("OutputFiles", ["OutputFiles", "TemporaryFolders"]),
        tests("Numerics", ["Numerics"]),
        tests("Tables", ["Tables", "Numerics", "TemporaryFolders"], resources: [.copy("Files")]),
        tests("Events", ["Events"]),
        tests("Learners", ["Learners", "Numerics"]),
        tests("Training", ["Training", "Learners", "Tables", "Numerics", "Events", "TemporaryFolders"]),
        tests("Debugging", ["Debugging", "Events"], resources: [.copy("Files")]),
        tests("Experiments", ["Experiments", "Events", "CSQLite", "TemporaryFolders"]),
        tests(
            "Interop", ["Interop", "Experiments", "Events", "TemporaryFolders"],
            resources: [.copy("Files"), .copy("make_fixtures.py")]),
        tests("Cells", ["Cells"]),
        tests("StudioState", ["StudioState", "Events", "Cells"]),
        tests("StudioViews", ["StudioViews", "StudioState", "Events", "Cells"], resources: [.copy("Frames")]),
        tests("Terminal", ["Terminal", "Cells", "PseudoTerminals"]),
        .testTarget(
            name: "descentTests",
            dependencies: ["descent", "Experiments", "Learners", "Events", "PseudoTerminals", "TemporaryFolders"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
