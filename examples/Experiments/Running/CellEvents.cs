using CoMiGS.Demo.Events;
using CoMiGS.Experiments.Results;

namespace CoMiGS.Experiments.Running;

/// <summary>A cell begins.</summary>
/// <param name="Cell">Which.</param>
public sealed record CellStarted(Cell Cell) : DemoEvent;

/// <summary>A step of a device.</summary>
/// <param name="Cell">Of which cell.</param>
/// <param name="Done">Steps of all devices so far.</param>
/// <param name="All">Steps of all devices in the cell.</param>
/// <param name="Loss">Nats per byte.</param>
public sealed record CellStep(Cell Cell, int Done, int All, double Loss) : DemoEvent;

/// <summary>A cell is finished and on the disk.</summary>
/// <param name="Cell">Which.</param>
/// <param name="Result">What came out.</param>
/// <param name="Finished">Cells that are finished by now, of earlier runs too.</param>
/// <param name="Cells">Cells in all.</param>
public sealed record CellDone(Cell Cell, CellResult Result, int Finished, int Cells) : DemoEvent;

/// <summary>How much of an experiment an earlier run has finished.</summary>
/// <param name="Finished">Cells that are not run again.</param>
/// <param name="Cells">Cells in all.</param>
/// <param name="UnreadableLines">Lines of the file of results that are passed over, such as the last one of a killed run.</param>
public sealed record Resumed(int Finished, int Cells, int UnreadableLines) : DemoEvent;
