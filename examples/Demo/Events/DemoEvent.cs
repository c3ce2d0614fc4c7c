namespace CoMiGS.Demo.Events;

/// <summary>Something that happened during a run. The computation reports these; screens show them, and the computation knows no screen.</summary>
public abstract record DemoEvent;
