import Glibc
import TemporaryFolders
import Testing

@testable import Training

struct GraphicsProcessorTests {
    /// A library with the functions of NVML, for two processors of which one does not say how busy it is.
    private static let source = """
        #include <stddef.h>
        struct rates { unsigned gpu, memory; };
        struct memory { unsigned long long total, free, used; };
        int nvmlInit_v2(void) { return 0; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = 3; return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
            if (index == 2) return 4;
            *device = (void *)(size_t)(index + 1);
            return 0;
        }
        int nvmlDeviceGetUtilizationRates(void *device, struct rates *rates) {
            if ((size_t)device == 2) return 3;
            rates->gpu = 40;
            rates->memory = 7;
            return 0;
        }
        int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory) {
            memory->total = 1000;
            memory->free = 900;
            memory->used = (unsigned long long)(size_t)device << 33;
            return 0;
        }
        """

    @Test func whatTheLibrarySaysIsAddedUp() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Self.source, as: "nvml.c"), library = folder.path + "/libnvidia-ml.so"
        var process = pid_t()
        let command = "clang -shared -fPIC -o \(library) \(source) || cc -shared -fPIC -o \(library) \(source)"
        let texts: [String] = ["/bin/sh", "-c", command]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        try #require(posix_spawn(&process, "/bin/sh", nil, nil, &words, environ) == 0)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        try #require(status == 0, "there is no C compiler")
        let found = try #require(GraphicsProcessors(library: library))
        #expect(found.count == 2)
        #expect(found.use.percent == 40 && found.use.memory == Double(3 << 33))
        // One by one those that say how busy they are.
        #expect(found.each.map(\.percent) == [40] && found.each.map(\.memoryPercent) == [100])
        #expect(GraphicsProcessors(library: folder.path + "/none.so") == nil)
    }
}
