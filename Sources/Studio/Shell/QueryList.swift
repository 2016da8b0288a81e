/// Every query there is: asking another one stops a debug build, and a test holds that the program has an answer to each.
package enum QueryList {
    package static let all: [any StudioQuery.Type] = [
        ReadRuns.self, ReadCurve.self, ReadRunDetails.self, CompareRuns.self, FindImportance.self, InspectReproduction.self,
        FindForkPlaces.self, ListPaths.self, PreviewData.self, LookAtData.self, ReadOutput.self, DescribeScript.self,
        LookAtReading.self, FindEvidence.self, ReadTensors.self, ReadTensor.self, ReadRules.self, ReadProfile.self,
        CheckRuleEdit.self, ExplainRun.self, ReadAttributions.self, AskWhatIf.self, AskDependence.self, AskCounterfactuals.self,
        ReadTuning.self, ReadTunings.self, ReadSurrogate.self, CheckTuning.self, CheckTuningControl.self, MeasureBias.self,
        TryRemedy.self, MeasureReweighed.self, ReadAutoML.self, ReadAutoMLs.self, ReadModelInsights.self, ReadTraffic.self,
        ReadEndpoint.self, FindNotebooks.self, ReadNotebook.self, WriteNotebook.self, ExportNotebook.self,
        ReadMonitor.self, ReadMonitorValue.self,
        ReadRows.self, FindRows.self, ReadCell.self, KeepRows.self, ReadColumn.self,
        ReadAssociations.self, PreviewPipeline.self, ReadPipeline.self, KeepPrepared.self, ReadVersions.self, ReadPictures.self,
        FindPipeline.self, KeepPipeline.self,
    ]
}
