import Glibc

/// The machine's time zone.
enum LocalTime {
    static func utcOffsetSeconds() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return parts.tm_gmtoff
    }
}
