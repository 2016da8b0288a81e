import Glibc

/// Sends what libraries print to standard error into a file while the screen is ours, so that nothing lands between the cells.
final class StandardErrorLog {
    private var original: Int32 = -1

    init(path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        original = dup(STDERR_FILENO)
        dup2(file, STDERR_FILENO)
        Glibc.close(file)
    }

    func restore() {
        guard original >= 0 else { return }
        dup2(original, STDERR_FILENO)
        Glibc.close(original)
        original = -1
    }
}
