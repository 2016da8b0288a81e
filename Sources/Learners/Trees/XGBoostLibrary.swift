import CXGBoost
import Glibc

/// XGBoost's own library, found and loaded when it is first needed, so that the program starts fast and works without it.
///
/// - Source: xgboost 3.2.0, `include/xgboost/c_api.h`.
// SAFETY: immutable after loading; the functions behind the pointers live as long as the process, which never unloads them.
public struct XGBoostLibrary: @unchecked Sendable {
    /// A release of XGBoost. A model is read only by the release that wrote it or a newer one.
    public struct Version: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
        /// The numbers of `3.2.0`.
        public var major: Int, minor: Int, patch: Int

        /// As in `3.2.0`.
        public var description: String { "\(major).\(minor).\(patch)" }

        public static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
        }
    }

    /// Where it was found.
    public let path: String
    /// The library's version.
    public let version: Version

    private let registerLog: cx_xgb_register_log
    let lastError: cx_xgb_last_error
    let matrixFromDense: cx_xgb_matrix_from_dense
    let setInfo: cx_xgb_matrix_set_info
    let freeMatrix: cx_xgb_free
    let create: cx_xgb_create
    let freeBooster: cx_xgb_free
    let setParameter: cx_xgb_set_param
    let rounds: cx_xgb_rounds
    let update: cx_xgb_update
    let evaluate: cx_xgb_evaluate
    let predict: cx_xgb_predict
    let slice: cx_xgb_slice
    let load: cx_xgb_load
    let save: cx_xgb_save
    let serialize: cx_xgb_serialize
    let unserialize: cx_xgb_load
    let featureScore: cx_xgb_feature_score

    private static let found: Result<XGBoostLibrary, LearnerError> = {
        do throws(LearnerError) { return .success(try loadFirst(candidates())) } catch { return .failure(error) }
    }()

    /// The library.
    ///
    /// - Throws: `libraryMissing`, with how to get it.
    public static func shared() throws(LearnerError) -> XGBoostLibrary { try found.get() }

    /// Whether there is one.
    public static var isAvailable: Bool { if case .success = found { true } else { false } }

    /// Version and place, or that there is none and how to get it.
    public static var description: String {
        switch found {
        case .success(let library): "\(library.version) (\(library.path))"
        case .failure: "none: pip install xgboost-cpu"
        }
    }

    /// The first of some paths that can be loaded.
    static func loadFirst(_ paths: [String]) throws(LearnerError) -> XGBoostLibrary {
        var fault = ""
        for path in paths {
            // RTLD_LOCAL keeps the library's symbols from mixing with those of others.
            guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
                if path.hasPrefix("/"), access(path, F_OK) == 0 { fault = dlerror().map { String(cString: $0) } ?? path }
                continue
            }
            return try XGBoostLibrary(handle: handle, path: path)
        }
        let cause = fault.isEmpty ? "" : " (\(fault))"
        throw LearnerError(
            .libraryMissing,
            "the XGBoost library is not here\(cause): pip install xgboost-cpu, or name the file in DESCENT_XGBOOST")
    }

    private init(handle: UnsafeMutableRawPointer, path: String) throws(LearnerError) {
        func function<Function>(_ name: String, as type: Function.Type) throws(LearnerError) -> Function {
            guard let symbol = dlsym(handle, name) else {
                throw LearnerError(
                    .libraryMissing, "\(path) has no \(name) and is too old: pip install --upgrade xgboost-cpu")
            }
            return unsafeBitCast(symbol, to: type)
        }
        self.path = path
        lastError = try function("XGBGetLastError", as: cx_xgb_last_error.self)
        matrixFromDense = try function("XGDMatrixCreateFromDense", as: cx_xgb_matrix_from_dense.self)
        setInfo = try function("XGDMatrixSetInfoFromInterface", as: cx_xgb_matrix_set_info.self)
        freeMatrix = try function("XGDMatrixFree", as: cx_xgb_free.self)
        create = try function("XGBoosterCreate", as: cx_xgb_create.self)
        freeBooster = try function("XGBoosterFree", as: cx_xgb_free.self)
        setParameter = try function("XGBoosterSetParam", as: cx_xgb_set_param.self)
        rounds = try function("XGBoosterBoostedRounds", as: cx_xgb_rounds.self)
        update = try function("XGBoosterUpdateOneIter", as: cx_xgb_update.self)
        evaluate = try function("XGBoosterEvalOneIter", as: cx_xgb_evaluate.self)
        predict = try function("XGBoosterPredictFromDMatrix", as: cx_xgb_predict.self)
        slice = try function("XGBoosterSlice", as: cx_xgb_slice.self)
        load = try function("XGBoosterLoadModelFromBuffer", as: cx_xgb_load.self)
        save = try function("XGBoosterSaveModelToBuffer", as: cx_xgb_save.self)
        serialize = try function("XGBoosterSerializeToBuffer", as: cx_xgb_serialize.self)
        unserialize = try function("XGBoosterUnserializeFromBuffer", as: cx_xgb_load.self)
        featureScore = try function("XGBoosterFeatureScore", as: cx_xgb_feature_score.self)
        var (major, minor, patch) = (Int32(), Int32(), Int32())
        try function("XGBoostVersion", as: cx_xgb_version.self)(&major, &minor, &patch)
        version = Version(major: Int(major), minor: Int(minor), patch: Int(patch))
        registerLog = try function("XGBRegisterLogCallback", as: cx_xgb_register_log.self)
    }

    /// Keeps the library from writing on the terminal, which is the screen's alone; what matters arrives as an error. XGBoost
    /// remembers this for each thread, so each thread that makes one of its objects says it.
    func silence() { _ = registerLog { _ in } }

    /// Turns a failing call into an error with the library's own message, which must be read at once on the same thread.
    func check(_ result: Int32, _ call: String) throws(LearnerError) {
        guard result != 0 else { return }
        let text = lastError().map { String(cString: $0) } ?? ""
        throw LearnerError(.libraryFailed, "XGBoost: \(Self.essence(text)) (\(call), \(result))")
    }

    /// The first line of a message such as `[10:20:30] file.cc:7: Check failed: … \nStack trace: …`, without time and place.
    static func essence(_ text: String) -> String {
        let line = text.split(separator: "\n").first.map(String.init) ?? "no message"
        guard line.hasPrefix("["), let colon = line.firstRange(of: ": ") else { return line }
        return String(line[colon.upperBound...])
    }

    /// Refuses what an older library would misread without a word, as 1.7 does with models of 3.x.
    ///
    /// - Throws: `unsupported`.
    func checkReads(_ writer: Version) throws(LearnerError) {
        guard (version.major, version.minor) < (writer.major, writer.minor) else { return }
        throw LearnerError(
            .unsupported,
            "the model was written by XGBoost \(writer) and \(path) is \(version), which may misread it: pip install --upgrade xgboost-cpu"
        )
    }
}
