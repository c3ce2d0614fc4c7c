using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;

namespace CoMiGS;

/// <summary>What a device is made of, for methods that go around its training.</summary>
/// <param name="Model">The model with experts.</param>
/// <param name="Trainer">Its trainer.</param>
/// <param name="Data">Its splits.</param>
/// <param name="Training">Rates, batch and window.</param>
public sealed record DeviceParts(MoeModel Model, BilevelTrainer Trainer, DeviceData Data, BilevelOptions Training)
{
    /// <summary>A measure of the model as it is whenever it is called: the mean loss over the same few batches of the validation split.</summary>
    /// <param name="purpose">Another purpose has other batches.</param>
    /// <param name="batches">How many, each of the size that the device trains with.</param>
    /// <exception cref="SplitTooShortException">The validation split is shorter than a window.</exception>
    public Func<double> Loss(string purpose, int batches)
    {
        var crops = new RandomCrops(Data.Valid, Training.BatchSize, Training.Window, new Seed(Training.Seed).For(purpose), (Model.Model as ILanguageModel)?.VocabularySize);
        return () =>
        {
            crops.Cursor = 0;
            return Evaluation.Run(Model.Model, crops, batches).Loss;
        };
    }
}
