using System.Reflection;

namespace TorchSharp.Utils
{
    /// <summary>The name under which a field of a module is registered, when it differs from the field's.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public class ComponentNameAttribute : Attribute
    {
        /// <summary>The name in the state dictionary.</summary>
        public string? Name { get; set; }
    }
}

namespace TorchSharp
{
    /// <summary>The names of a module's fields.</summary>
    public static class FieldInfoExtensionMethods
    {
        /// <summary>The name under which a field is registered.</summary>
        public static string ComponentName(this FieldInfo field) =>
            field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? field.Name;
    }
}
