import Glibc
import Training

extension SystemReading {
    /// What a process and all below it have used up to now, those too that ended and were waited for. Memory that several of them share
    /// counts for each.
    package init(ofTree root: pid_t) {
        var ticks = 0, pages = 0
        var disk: (read: Double, written: Double)?
        for process in [root] + ProcessTree.descendants(of: root) {
            guard let status = ProcessTree.status(of: process) else { continue }
            ticks += status.ticks + status.childTicks
            pages += status.residentPages
            if let use = SystemReading.diskUse(of: String(process)) {
                disk = ((disk?.read ?? 0) + use.read, (disk?.written ?? 0) + use.written)
            }
        }
        self.init(
            processorSeconds: Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK))),
            residentBytes: pages * sysconf(Int32(_SC_PAGESIZE)), disk: disk)
        if let processors = GraphicsProcessors.ofMachine { graphics = processors.use }
    }
}
