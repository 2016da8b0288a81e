import Glibc

/// Whether there is room for a file to grow: asked after a write failed for a reason that was not kept.
enum FileRoom {
    /// The error number that a write beside or into a file is likely to have met; 0 when nothing stands in its way.
    static func obstacle(to path: String) -> Int32 {
        var disk = statvfs()
        if statvfs(path, &disk) == 0 {
            if Int(disk.f_flag) & Int(ST_RDONLY) != 0 { return EROFS }
            if disk.f_bavail == 0 { return ENOSPC }
        }
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limit) == 0, limit.rlim_cur != rlim_t.max else {
            return 0
        }
        // Writes are a page and its header; the index of the log grows by 32 kB.
        let reserve = 64 << 10
        let isNear = ["", "-wal", "-shm"].contains { end in
            var status = stat()
            return stat(path + end, &status) == 0 && UInt64(Int(status.st_size) + reserve) > UInt64(limit.rlim_cur)
        }
        return isNear ? EFBIG : 0
    }
}
