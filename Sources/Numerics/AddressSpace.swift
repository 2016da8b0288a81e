import Glibc

/// What a limit on addresses (ulimit -v) leaves this process.
public enum AddressSpace {
    /// Bytes; nil without a limit, and where the kernel does not tell what is taken.
    public static var left: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
            let file = fopen("/proc/self/statm", "re")
        else { return nil }
        defer { fclose(file) }
        var pages: CLong = 0
        guard withUnsafeMutablePointer(to: &pages, { place in withVaList([place]) { vfscanf(file, "%ld", $0) } }) == 1 else {
            return nil
        }
        return Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
