import Glibc

/// Writing all of some bytes, however few the system takes at once.
public enum WholeWrite {
    /// - Parameter file: an open descriptor that waits where there is no room yet.
    /// - Returns: false where the system refused, with its reason in `errno`; some of the bytes may be written.
    public static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                if count == 0 { errno = ENOSPC }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
