import CXGBoost
import Numerics

/// Rows in XGBoost's own memory. Confined to one thread at a time.
final class BoosterMatrix {
    let library: XGBoostLibrary
    let handle: cx_xgb_handle
    let rowCount: Int

    /// Copies rows, with their targets and weights when there are some. NaN stands for a missing feature.
    ///
    /// - Shape: features [n, d], targets [n], weights [n].
    init(_ features: Matrix, targets: [Float]? = nil, weights: [Float]? = nil, threads: Int, library: XGBoostLibrary)
        throws(LearnerError)
    {
        library.silence()
        var made: cx_xgb_handle?
        let config = "{\"missing\": NaN, \"nthread\": \(threads)}"
        let result = features.elements.withUnsafeBufferPointer { elements in
            library.matrixFromDense(
                Self.interface(elements, shape: [features.rowCount, features.columnCount]), config, &made)
        }
        try library.check(result, "XGDMatrixCreateFromDense")
        guard let made else { throw LearnerError(.libraryFailed, "XGBoost: XGDMatrixCreateFromDense gave no matrix") }
        self.library = library
        handle = made
        rowCount = features.rowCount
        for (field, values) in [("label", targets), ("weight", weights)] {
            guard let values else { continue }
            let code = values.withUnsafeBufferPointer { library.setInfo(made, field, Self.interface($0, shape: [values.count])) }
            try library.check(code, "XGDMatrixSetInfoFromInterface")
        }
    }

    deinit { _ = library.freeMatrix(handle) }

    /// NumPy's array interface, which describes memory in JSON.
    private static func interface(_ values: UnsafeBufferPointer<Float>, shape: [Int]) -> String {
        let address = UInt(bitPattern: values.baseAddress)
        let sizes = shape.map(String.init).joined(separator: ", ")
        return "{\"data\": [\(address), true], \"shape\": [\(sizes)], \"typestr\": \"<f4\", \"version\": 3}"
    }
}
