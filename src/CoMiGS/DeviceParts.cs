using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Training;

namespace CoMiGS;

/// <summary>What a device is made of, for methods that go around its training.</summary>
/// <param name="Model">The model with experts.</param>
/// <param name="Trainer">Its trainer.</param>
/// <param name="Data">Its splits.</param>
/// <param name="Training">Rates, batch and window.</param>
public sealed record DeviceParts(MoeModel Model, BilevelTrainer Trainer, DeviceData Data, BilevelOptions Training);
