import Glibc
import Testing

@testable import Numerics

@Suite struct LinearAlgebraLibraryTests {
    /// More threads would wait for work by asking again and again, and programs that are started are not to have our settings.
    @Test func itHasOneThreadAndLeavesTheEnvironmentAsItWas() throws {
        let names = ["OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE"]
        func settings() -> [String?] { names.map { name in getenv(name).map { String(cString: $0) } } }
        let before = settings()
        #expect(LinearAlgebraLibrary.isUsable, "\(LinearAlgebraLibrary.advice)")
        #expect(settings() == before)
        let library = try #require(dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD))
        let symbol = try #require(dlsym(library, "openblas_get_num_threads"))
        typealias Count = @convention(c) () -> Int32
        #expect(unsafeBitCast(symbol, to: Count.self)() == 1)
    }
}
