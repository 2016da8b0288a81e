/// Rules that look at where the time of every run goes; SageMaker Profiler's are among them, mended.
enum ProfilerRules {
    static let all: [any Rule.Type] = [
        Dataloader.self, IOBottleneck.self, CPUBottleneck.self, StepOutlier.self, MaxInitializationTime.self, MemoryLeak.self,
        ThroughputRegression.self, Throttling.self, DiskFull.self, BatchSize.self, GPUMemoryIncrease.self,
        LowGPUUtilization.self, LoadBalancing.self,
    ]
}
