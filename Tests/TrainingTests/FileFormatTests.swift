import Events
import Glibc
import Numerics
import TemporaryFolders
import Testing
import Training

/// Jobs on files that are not CSV.
@Suite struct FileFormatTests {
    /// Images of 6 × 6 with one bright row (label 0) or one bright column (label 1), as the MNIST files are laid out.
    static func writeBars(in folder: TemporaryFolder, count: Int) throws -> String {
        var random = RandomSource(seed: 2)
        var pixels: [UInt8] = [], labels: [UInt8] = []
        for index in 0..<count {
            let place = random.integer(below: 6)
            labels.append(UInt8(index % 2))
            for row in 0..<6 {
                for column in 0..<6 {
                    let isBright = index % 2 == 0 ? row == place : column == place
                    pixels.append(UInt8((isBright ? 180 : 0) + random.integer(below: 60)))
                }
            }
        }
        let number = { (value: Int) in [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
        try write([0, 0, 8, 1] + number(count) + labels, to: folder.path + "/train-labels-idx1-ubyte")
        try write([0, 0, 8, 3] + number(count) + number(6) + number(6) + pixels, to: folder.path + "/train-images-idx3-ubyte")
        return folder.path + "/train-images-idx3-ubyte"
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    @Test func `a convolutional network learns from IDX files without being told the images' shape`() throws {
        let lab = try Laboratory()
        let data = try Self.writeBars(in: lab.folder, count: 240)
        var plan = lab.plan("bars", data: data, target: "label")
        plan.record.algorithm = "neural-network"
        plan.record.request.algorithm = "neural-network"
        plan.record.request.hyperparameters = ["epochs": "15", "conv_layers": "4", "hidden_layers": "8", "mini_batch_size": "16"]
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let events = lab.events()
        let result = try #require(events.result)
        #expect(result.status == .completed, "\(result.reason)")
        // A row or a column at any of six places: no single pixel tells them apart.
        #expect(try #require(result.metrics[MetricName("validation:accuracy")]) > 0.9)
        let settings = events.compactMap { event -> [String: String]? in
            if case .run(.registered(let record)) = event.kind { record.hyperparameters } else { nil }
        }
        #expect(settings.last?["image_shape"] == "6x6x1")
    }

    @Test func `the same table trains to the same curve from CSV, compressed CSV, JSON Lines and Parquet`() throws {
        let lab = try Laboratory()
        let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/TablesTests/Files/"
        let files = ["flat.csv", "flat-members.csv.gz", "flat-packed.csv.zst", "flat-polars.parquet", "flat-duckdb.parquet"]
        let curves = files.map { file in
            lab.supervisor.start(lab.plan(file, data: folder + file, target: "price", ["epochs": "3"]))
            lab.supervisor.waitUntilIdle()
            let events = lab.events()
            #expect(events.result?.status == .completed, "\(events.result?.reason.text ?? "")")
            return events.trainingLosses
        }
        #expect(curves[0].count > 2)
        for curve in curves { #expect(curve == curves[0]) }
    }
}
