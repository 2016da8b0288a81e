/// What the studio's process uses, newest last.
package struct SystemLoad: Hashable, Sendable {
    package static let capacity = 8
    package var cpuPercents: [Double] = []
    package var residentBytes = 0
}
