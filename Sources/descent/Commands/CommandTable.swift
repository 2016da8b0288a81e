/// Every command there is. Help, parsing and dispatch come from here; a new command is one line.
enum CommandTable {
    static let all: [CommandSpecification] = [
        StudioCommands.studio, StudioCommands.demo, DataCommands.profile, DataCommands.split, TrainCommand.specification,
        PredictCommand.specification, EvaluateCommand.specification, RunsCommands.list, RunsCommands.show,
        CurvesCommand.specification, CompareCommand.specification,
        ImportanceCommand.specification,
        RunsCommands.resume,
        SteerCommands.stop, SteerCommands.pause, SteerCommands.steer, ForkCommand.specification, RunsCommands.delete,
        RunsCommands.restore, ReproduceCommand.specification, ExportCommand.specification,
        WatchCommand.specification, ReportCommand.specification,
        DoctorCommand.specification,
    ]
}
