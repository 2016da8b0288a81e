import Events

/// Something the state asks the program to do. What came of it comes back as an `Action`.
public enum Effect: Sendable, Hashable {
    /// Hand a command to the engine.
    case command(StudioCommand)
    /// Copy a run of another machine into the user's own workspace: answered by `Action.fileWritten`.
    case copyHere(RunID)
    /// Find an answer: `Action.answered`.
    case ask(QueryRequest)
    /// Do not look for an answer any more.
    case cancel(QueryRequest)
    /// Send requests of the user's own to an endpoint: answered by `Action.loadChanged`.
    case startLoad(EndpointLoad)
    /// Send no more of them to the endpoint of this id.
    case stopLoad(String)
    /// Have a notebook's kernel do something: answered by `Action.kernelChanged`.
    case kernel(KernelWish)
    /// Paint in this theme from now on (a preview, or for good).
    case setTheme(String)
    /// Write the settings file.
    case saveSettings(Settings)
    /// Draw the whole screen anew, whatever the terminal shows.
    case redraw
    /// Ask the terminal whether it shows pictures as pixels: answered by `InputEvent.showsPictures`, or not at all.
    case askForPictures
    /// Put the studio to sleep, as Ctrl-Z does.
    case suspend
    /// Leave the studio.
    case quit(QuitChoice)
    /// Hand text to the terminal's clipboard.
    case copyToClipboard(String)
    /// Write the chart that is shown as an SVG image in the theme's colours, into the current folder under this name or, if that
    /// is taken, one like it: answered by `Action.fileWritten`.
    case exportSVG(name: String)
    /// Write a chart as an SVG image, named as `exportSVG` does: answered by `Action.fileWritten`.
    case exportFigure(name: String, title: String, Figure)
    /// Write a text into the current folder, named as `exportSVG` does: answered by `Action.fileWritten`.
    case exportText(name: String, String)
    /// Write the whole screen into the current folder, as an SVG image or as text by the name's ending: answered by
    /// `Action.fileWritten`.
    case exportFrame(name: String)
    /// Hand the whole screen as text to the terminal's clipboard.
    case copyFrame
    /// Ring the terminal's bell.
    case bell
}

/// What becomes of the running jobs when the studio is left.
public enum QuitChoice: Sendable, Hashable {
    /// Stop each job after a checkpoint, so that it can be resumed.
    case stopAndSave
    /// Hand each job over to the workspace's host after a checkpoint; the host goes on with it.
    case goOn
    /// Leave when the jobs are done.
    case wait
    /// Leave at once; the jobs lose what they did since their last checkpoint.
    case abandon
}
