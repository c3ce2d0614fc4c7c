using System.Collections;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Replaces a child module everywhere its parent knows it: in the registration, whose order is kept, and in the C# field or list.</summary>
/// <remarks>With only one of the two replaced, <c>forward</c> and <c>named_parameters</c> would silently disagree.</remarks>
internal static class ModuleSwap
{
    /// <summary>Finds out how the child can be replaced, without touching anything.</summary>
    /// <returns>Puts a module of that type, or the child again, in the child's place.</returns>
    /// <exception cref="InvalidOperationException">The parent cannot hold such a module.</exception>
    public static Action<nn.Module> Prepare(nn.Module parent, string name, Type replacement)
    {
        var current = parent.named_children().Single(c => c.name == name).module;
        var assign = parent is IEnumerable modules ? InList(parent, modules, current, replacement) : InFields(parent, name, current, replacement);
        return module =>
        {
            assign(module);
            Reregister(parent, name, module);
        };
    }

    private static void Reregister(nn.Module parent, string name, nn.Module replacement)
    {
        var children = parent.named_children().ToList();
        foreach (var (child, _) in children)
        {
            parent.register_module(child, null!);
        }

        foreach (var (child, module) in children)
        {
            parent.register_module(child, child == name ? replacement : module);
        }
    }

    private static Action<nn.Module> InFields(nn.Module parent, string name, nn.Module current, Type replacement)
    {
        var fields = Fields(parent.GetType()).Where(f => ReferenceEquals(f.GetValue(parent), current)).ToList();
        if (fields.Count == 0)
        {
            throw new InvalidOperationException(
                $"{parent.GetType().Name} keeps its child '{name}' neither in a field nor in a module list, so it cannot be replaced. Keep it in a field typed Module<Tensor, Tensor>, or put experts beside its linear layers by TargetModules.");
        }

        foreach (var field in fields.Where(f => !f.FieldType.IsAssignableFrom(replacement)))
        {
            throw new InvalidOperationException(
                $"The field '{field.Name}' of {parent.GetType().Name} is typed {field.FieldType.Name} and cannot hold a {replacement.Name}. Type it Module<Tensor, Tensor>, or put experts beside its linear layers by TargetModules.");
        }

        return module => fields.ForEach(f => f.SetValue(parent, module));
    }

    private static Action<nn.Module> InList(nn.Module parent, IEnumerable modules, nn.Module current, Type replacement)
    {
        var index = modules.Cast<object>().TakeWhile(m => !ReferenceEquals(m, current)).Count();
        var indexer = parent.GetType().GetProperty("Item", [typeof(int)]);
        if (indexer?.SetMethod is null || !indexer.PropertyType.IsAssignableFrom(replacement))
        {
            throw new InvalidOperationException(
                $"A {parent.GetType().Name} cannot hold a {replacement.Name}. Use a ModuleList<Module<Tensor, Tensor>>.");
        }

        return module => indexer.SetValue(parent, module, [index]);
    }

    private static IEnumerable<FieldInfo> Fields(Type? type) =>
        type is null || type == typeof(object)
            ? []
            : type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Concat(Fields(type.BaseType));
}
